/**
 * Sends traces and metrics where OTEL_EXPORTER_OTLP_ENDPOINT says; disposing it sends the rest. Without that setting
 * nothing of the SDK is loaded: it would cost every process memory for nothing.
 */
export async function openExport(service: string, env: NodeJS.ProcessEnv): Promise<AsyncDisposable> {
  if (!env['OTEL_EXPORTER_OTLP_ENDPOINT']) return { async [Symbol.asyncDispose]() {} };
  const { startSdk } = await import('./sdk/start-sdk.ts');
  return startSdk(service, env);
}

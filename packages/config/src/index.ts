export { ConfigError, loadConfig } from './load-config.ts';
export { connections, type ServiceConfig, serviceSettings } from './service-settings.ts';

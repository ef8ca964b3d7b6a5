/** The superuser's way into a service's database. */
export function asAdmin(adminUrl: string, url: string): string {
  const admin = new URL(adminUrl);
  admin.pathname = new URL(url).pathname;
  return admin.href;
}

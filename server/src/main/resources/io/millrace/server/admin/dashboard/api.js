// Asks the admin port. The token, where there is one, lives as long as the tab.

const TOKEN = 'millrace-admin-token';

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const setToken = (token) => sessionStorage.setItem(TOKEN, token);

/** The JSON at a path. Parameters that are null or empty are left away. */
export async function get(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, value);
  }
  const token = sessionStorage.getItem(TOKEN);
  const response = await fetch(query.size > 0 ? `${path}?${query}` : path, {
    headers: token ? { Accept: 'application/json', Authorization: `Bearer ${token}` } : { Accept: 'application/json' },
    signal: signal ?? AbortSignal.timeout(15_000),
    cache: 'no-store',
  });
  const body = await response.json();
  if (!response.ok) throw new ApiError(response.status, body.error, body.message);
  return body;
}

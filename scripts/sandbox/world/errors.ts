/** An answer that is an error, with GitLab's body for it. Source: GitLab docs, api/rest/troubleshooting. */
export class ApiError extends Error {
  readonly status: 301 | 400 | 401 | 403 | 404 | 405 | 409 | 412 | 422 | 429;
  readonly body: object;
  readonly headers: Record<string, string>;

  constructor(status: ApiError['status'], body: object, headers: Record<string, string> = {}) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** What a caller may not do though they may see the thing. */
export function forbidden(): ApiError {
  return new ApiError(403, { message: '403 Forbidden' });
}

/** What is not there, or what the caller may not see: GitLab answers both alike. */
export function notFound(what = ''): ApiError {
  return new ApiError(404, { message: what === '' ? '404 Not found' : `404 ${what} Not Found` });
}

/** A parameter that Grape, GitLab's API framework, refuses before anything else is looked at. */
export function badParameter(says: string): ApiError {
  return new ApiError(400, { error: says });
}

/** A CI file, or inputs for it, that make no pipeline; the message is GitLab's. */
export class ConfigurationError extends Error {}

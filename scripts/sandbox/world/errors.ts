/** An answer that is an error, with GitLab's body for it. Source: GitLab docs, api/rest/troubleshooting. */
export class ApiError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 422;
  readonly body: object;

  constructor(status: ApiError['status'], body: object) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.ServiceDefaults.Errors;

/// <summary>
/// Problem details (RFC 9457), the format of all errors. A compatibility API translates them by its own
/// <see cref="IProblemDetailsWriter"/>.
/// </summary>
public static class Problems
{
    /// <summary>An invalid request: 400, with each field and rule under <c>errors</c>.</summary>
    /// <param name="errors">The errors; at least one. Only the first <see cref="FieldErrors.Max"/> are listed.</param>
    public static ProblemHttpResult Invalid(IEnumerable<FieldError> errors) =>
        TypedResults.Problem(
            new HttpValidationProblemDetails(
                FieldErrors
                    .From(errors)
                    .GroupBy(e => e.Path)
                    .ToDictionary(g => g.Key, g => g.Select(e => e.Rule).ToArray())
            )
            {
                Status = StatusCodes.Status400BadRequest,
                Title = "The request is not valid.",
            }
        );

    /// <summary>A problem described by its status alone.</summary>
    /// <param name="status">The HTTP status.</param>
    public static ProblemHttpResult Create(int status) =>
        Create(
            status,
            status switch
            {
                StatusCodes.Status404NotFound => "This path does not exist.",
                StatusCodes.Status405MethodNotAllowed =>
                    "This path does not support the method; the header Allow lists the supported ones.",
                StatusCodes.Status408RequestTimeout => "The body arrived too slowly.",
                StatusCodes.Status413PayloadTooLarge => "The body exceeds the maximum size.",
                StatusCodes.Status415UnsupportedMediaType =>
                    "The body must be JSON, with 'Content-Type: application/json'.",
                StatusCodes.Status429TooManyRequests =>
                    "The service is overloaded, and this key uses more than its share; retry after Retry-After.",
                _ => $"The request ended with status {status}.",
            }
        );

    /// <summary>A problem with details.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">What happened and, if possible, how to resolve it.</param>
    public static ProblemHttpResult Create(int status, string detail) =>
        TypedResults.Problem(detail, statusCode: status);
}

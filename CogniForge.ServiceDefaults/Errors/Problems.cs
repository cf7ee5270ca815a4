using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.ServiceDefaults.Errors;

/// <summary>Problem details (RFC 9457), the one form of our errors. A compatibility API translates them by an <see cref="IProblemDetailsWriter"/> of its own.</summary>
public static class Problems
{
    /// <summary>A request that breaks rules: 400, with each field and rule under <c>errors</c>.</summary>
    /// <param name="errors">What is wrong; at least one.</param>
    public static ProblemHttpResult Invalid(IEnumerable<FieldError> errors) =>
        TypedResults.Problem(
            new HttpValidationProblemDetails(
                errors.GroupBy(e => e.Path).ToDictionary(g => g.Key, g => g.Select(e => e.Rule).ToArray())
            )
            {
                Status = StatusCodes.Status400BadRequest,
                Title = "The request is not valid.",
            }
        );

    /// <summary>A problem that the status says all of.</summary>
    /// <param name="status">The HTTP status.</param>
    public static ProblemHttpResult Create(int status) =>
        Create(
            status,
            status switch
            {
                StatusCodes.Status404NotFound => "There is nothing at this path.",
                StatusCodes.Status405MethodNotAllowed =>
                    "The path is right, but it does not take this method; the header Allow names those that it takes.",
                StatusCodes.Status413PayloadTooLarge => "The body is larger than this service takes.",
                StatusCodes.Status415UnsupportedMediaType =>
                    "The body must be JSON, with 'Content-Type: application/json'.",
                _ => $"The request ended with status {status}.",
            }
        );

    /// <summary>Any other problem.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">What happened and, where there is something to do, what to do.</param>
    public static ProblemHttpResult Create(int status, string detail) =>
        TypedResults.Problem(detail, statusCode: status);
}

using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.ServiceDefaults.Errors;

/// <summary>
/// Why the server could not read a body: a feature of its request, because ASP.NET's binding keeps only the status.
/// </summary>
/// <param name="Reason">The server's sentence.</param>
internal sealed record BodyFault(string Reason)
{
    /// <summary>The problem of a request whose body could not be read; null: it has no fault.</summary>
    public static ProblemHttpResult? Describe(HttpContext context) =>
        context.Features.Get<BodyFault>() is { } fault
            ? Problems.Invalid([new("", $"must be complete and correctly chunked ({fault.Reason.TrimEnd('.')})")])
            : null;
}

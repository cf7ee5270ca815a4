using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.ServiceDefaults.Errors;

/// <summary>
/// Why the server could not read a body: a feature of its request, because ASP.NET's binding keeps only the status.
/// </summary>
/// <param name="Rule">The rule that the body breaks.</param>
internal sealed record BodyFault(string Rule)
{
    public static BodyFault Incomplete(BadHttpRequestException exception) =>
        new($"must be complete and correctly chunked ({exception.Message.TrimEnd('.')})");

    public static BodyFault NotCompressed { get; } = new("must be compressed as 'Content-Encoding' says");

    /// <summary>The problem of a request whose body could not be read; null: it has no fault.</summary>
    public static ProblemHttpResult? Describe(HttpContext context) =>
        context.Features.Get<BodyFault>() is { } fault
            ? Problems.Invalid([new("", fault.Rule)])
            : null;
}

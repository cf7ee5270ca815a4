using Microsoft.AspNetCore.Mvc;

namespace CogniForge.Serving.Tracking;

/// <summary>Writes errors of MLflow's API in its format: <c>{"error_code":"…","message":"…"}</c>.</summary>
internal sealed class MlflowProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) =>
        context.HttpContext.Request.Path.StartsWithSegments(MlflowEndpoints.Path);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var status = problem.Status ?? context.HttpContext.Response.StatusCode;
        context.HttpContext.Response.StatusCode = status;
        await context.HttpContext.Response.WriteAsJsonAsync(
            new MlflowError(MlflowErrorCode.From(status), Describe(problem)),
            MlflowJson.Options,
            context.HttpContext.RequestAborted
        );
    }

    private static string Describe(ProblemDetails problem) =>
        problem is HttpValidationProblemDetails { Errors: { Count: > 0 } errors }
            ? string.Join(" ", errors.SelectMany(e => e.Value.Select(rule => $"{e.Key} {rule}.")))
            : problem.Detail ?? problem.Title ?? "The request failed.";
}

using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Configuration;

/// <summary>Converts results of changes to HTTP responses.</summary>
internal static class ConfigChangeResponses
{
    /// <summary>Decodes slashes, the only characters of a path that ASP.NET Core leaves encoded.</summary>
    public static string DecodeName(string text) => text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public static Results<Ok<T>, Created<T>, ProblemHttpResult> Put<T>(ConfigChangeResult result, Func<T> view) =>
        result.Status switch
        {
            ConfigChangeStatus.Created => TypedResults.Created((string?)null, view()),
            ConfigChangeStatus.Replaced => TypedResults.Ok(view()),
            _ => Problem(result),
        };

    public static Results<NoContent, ProblemHttpResult> Delete(ConfigChangeResult result) =>
        result.IsDone ? TypedResults.NoContent() : Problem(result);

    private static ProblemHttpResult Problem(ConfigChangeResult result) =>
        result.Status switch
        {
            ConfigChangeStatus.Invalid => Problems.Invalid(result.Errors),
            ConfigChangeStatus.NotFound => Problems.Create(StatusCodes.Status404NotFound, result.Detail),
            _ => Problems.Create(StatusCodes.Status409Conflict, result.Detail),
        };
}

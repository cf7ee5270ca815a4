using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Configuration;

/// <summary>Changes of settings, in HTTP's terms.</summary>
internal static class ConfigChangeResponses
{
    /// <summary>A name that may have slashes, as it stands in a path: an encoded slash is the one thing that ASP.NET leaves encoded.</summary>
    public static string NameInPath(string text) => text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The answer to a PUT.</summary>
    public static Results<Ok<T>, Created<T>, ProblemHttpResult> Put<T>(ConfigChangeResult result, Func<T> view) =>
        result.Status switch
        {
            ConfigChangeStatus.Created => TypedResults.Created((string?)null, view()),
            ConfigChangeStatus.Replaced => TypedResults.Ok(view()),
            _ => Problem(result),
        };

    /// <summary>The answer to a DELETE.</summary>
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

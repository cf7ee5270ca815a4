using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Configuration;

/// <summary>Changes of settings, in HTTP's terms.</summary>
internal static class Changes
{
    /// <summary>A name that may have slashes, as it stands in a path: an encoded slash is the one thing that ASP.NET leaves encoded.</summary>
    public static string NameInPath(string text) => text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The answer to a PUT.</summary>
    public static Results<Ok<T>, Created<T>, ProblemHttpResult> Put<T>(ChangeResult result, Func<T> view) => result.Status switch
    {
        ChangeStatus.Created => TypedResults.Created((string?)null, view()),
        ChangeStatus.Replaced => TypedResults.Ok(view()),
        _ => Problem(result),
    };

    /// <summary>The answer to a DELETE.</summary>
    public static Results<NoContent, ProblemHttpResult> Delete(ChangeResult result) => result.IsDone ? TypedResults.NoContent() : Problem(result);

    private static ProblemHttpResult Problem(ChangeResult result) => result.Status switch
    {
        ChangeStatus.Invalid => Problems.Invalid(result.Errors),
        ChangeStatus.NotFound => Problems.Of(StatusCodes.Status404NotFound, result.Detail),
        _ => Problems.Of(StatusCodes.Status409Conflict, result.Detail),
    };
}

using System.Globalization;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// The page of models that a query requests, as in Anthropic's API: platform.claude.com/docs/en/api/models-list.
/// Without <c>limit</c> it has as many as possible, because some clients read only the first page.
/// </summary>
internal static class AnthropicModelPage
{
    private const int MaxLimit = 1_000;

    /// <summary>Finds the page.</summary>
    /// <param name="ids">The ids of all models, in order.</param>
    /// <param name="query">The query: <c>limit</c>, and <c>after_id</c> or <c>before_id</c>.</param>
    /// <returns>The page, and whether more follow in its direction; or the error.</returns>
    public static (Range Page, bool HasMore, ClientError? Error) Find(List<string> ids, IQueryCollection query)
    {
        var limit = MaxLimit;
        if (
            query.TryGetValue("limit", out var text)
            && (
                !int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is < 1 or > MaxLimit
            )
        )
        {
            return Fail("limit", $"must be an integer from 1 to {MaxLimit}");
        }

        var (hasAfter, hasBefore) = (query.ContainsKey("after_id"), query.ContainsKey("before_id"));
        if (hasAfter && hasBefore)
        {
            return Fail("before_id", "must be absent if after_id is present");
        }

        var cursor = hasAfter ? "after_id" : "before_id";
        var index = hasAfter || hasBefore ? ids.IndexOf(query[cursor].ToString()) : -1;
        if (index < 0 && (hasAfter || hasBefore))
        {
            return Fail(cursor, "must be the id of a listed model");
        }

        if (hasBefore)
        {
            var start = Math.Max(0, index - limit);
            return (start..index, start > 0, null);
        }

        var end = Math.Min(ids.Count, index + 1 + limit);
        return ((index + 1)..end, end < ids.Count, null);
    }

    private static (Range, bool, ClientError?) Fail(string name, string rule) =>
        (
            default,
            false,
            new(StatusCodes.Status400BadRequest, ErrorCategory.InvalidRequest, $"{name}: {rule}", name)
        );
}

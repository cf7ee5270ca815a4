using System.Globalization;
using System.Text;

namespace CogniForge.Serving.Tracking;

/// <summary>Filters, sorts and pages what MLflow's searches return. A token is an offset, as in MLflow.</summary>
internal static class MlflowSearch
{
    /// <summary>The maximum number of entities that a search looks at.</summary>
    public const int MaxEntities = 10_000;

    // Each one sorts all entities.
    private const int MaxOrders = 20;

    /// <summary>A page of the entities that match.</summary>
    /// <param name="all">The entities in their default order.</param>
    /// <param name="get">The value of a key, as <see cref="MlflowFilter"/> takes it.</param>
    /// <param name="filter">The filter, if any.</param>
    /// <param name="orderBy">The order: up to 20 keys, each with ASC or DESC.</param>
    /// <param name="maxResults">The maximum number of results, 1 to <paramref name="limit"/>.</param>
    /// <param name="limit">The maximum of <paramref name="maxResults"/>.</param>
    /// <param name="pageToken">The token of the page; null or empty: the first.</param>
    /// <returns>The page, and the token of the next one; null: it is the last.</returns>
    /// <exception cref="MlflowException">The request is not valid.</exception>
    public static (IReadOnlyList<T> Items, string? NextPageToken) Run<T>(
        IEnumerable<T> all,
        Func<T, string, object?> get,
        MlflowFilter filter,
        IReadOnlyList<string>? orderBy,
        long maxResults,
        long limit,
        string? pageToken
    )
    {
        if (maxResults < 1 || maxResults > limit)
        {
            throw MlflowException.Invalid(
                $"Invalid value {maxResults} for parameter 'max_results' supplied. It must be 1 to {limit}."
            );
        }

        var orders = MlflowCall.RequireAtMost(MaxOrders, orderBy, "order_by");
        var matches = Sort(all.Where(e => filter.IsMatch(key => get(e, key))), get, orders).ToList();
        var skip = ReadToken(pageToken);
        var items = matches.Skip(skip).Take((int)maxResults).ToList();
        return (items, skip + items.Count < matches.Count ? WriteToken(skip + items.Count) : null);
    }

    /// <summary>The token of the page that begins at an offset.</summary>
    public static string WriteToken(int offset) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"{{\"offset\": {offset}}}"));

    /// <summary>The offset of a page.</summary>
    /// <exception cref="MlflowException">It is not a token.</exception>
    public static int ReadToken(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return 0;
        }

        var bytes = new byte[token.Length];
        const string Start = "{\"offset\": ";
        return
            Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length) is var text
            && text.StartsWith(Start, StringComparison.Ordinal)
            && int.TryParse(text[Start.Length..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw MlflowException.Invalid("Invalid page token, could not be decoded.");
    }

    private static IEnumerable<T> Sort<T>(
        IEnumerable<T> items,
        Func<T, string, object?> get,
        IReadOnlyList<string> orderBy
    )
    {
        // The last key is sorted first, because LINQ's sort is stable.
        foreach (var order in orderBy.Reverse())
        {
            // A key in backticks may contain spaces.
            var clause = order.Trim();
            var isDescending = clause.EndsWith(" DESC", StringComparison.OrdinalIgnoreCase);
            var isAscending = clause.EndsWith(" ASC", StringComparison.OrdinalIgnoreCase);
            clause = clause[..^(isDescending ? " DESC".Length : isAscending ? " ASC".Length : 0)].TrimEnd();
            if (clause.Contains(' ', StringComparison.Ordinal) && clause.IndexOfAny(['`', '"']) < 0)
            {
                throw MlflowException.Invalid($"Invalid order_by clause '{order}': after the key, only ASC or DESC.");
            }

            // As in MLflow, NaN comes after all numbers in both directions, and entities without the key come last.
            var key = MlflowFilter.Normalise(clause);
            var present = items.OrderBy(e => get(e, key) is null ? 2 : get(e, key) is double.NaN ? 1 : 0);
            items = (
                isDescending
                    ? present.ThenByDescending(e => get(e, key), KeyComparer.Instance)
                    : present.ThenBy(e => get(e, key), KeyComparer.Instance)
            ).ToList();
        }

        return items;
    }

    /// <summary>Compares texts by their characters and numbers by their values.</summary>
    private sealed class KeyComparer : IComparer<object?>
    {
        public static KeyComparer Instance { get; } = new();

        public int Compare(object? x, object? y) =>
            (x, y) switch
            {
                (string a, string b) => string.CompareOrdinal(a, b),
                (null, null) => 0,
                (null, _) => -1,
                (_, null) => 1,
                _ => Convert
                    .ToDouble(x, CultureInfo.InvariantCulture)
                    .CompareTo(Convert.ToDouble(y, CultureInfo.InvariantCulture)),
            };
    }
}

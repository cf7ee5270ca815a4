using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.RequestLog;

/// <summary>Usage in named columns, ordered by the values of the dimensions.</summary>
/// <param name="Columns">The names of the dimensions; <c>keyName</c> follows <c>key</c>.</param>
/// <param name="Groups">The groups, with a value per column.</param>
internal sealed record UsageTable(IReadOnlyList<string> Columns, IReadOnlyList<UsageGroup> Groups)
{
    private static readonly Comparer<IReadOnlyList<string?>> _byValues = Comparer<IReadOnlyList<string?>>.Create(
        (a, b) => a.Zip(b, string.CompareOrdinal).FirstOrDefault(order => order != 0)
    );

    public static async Task<UsageTable> CreateAsync(
        IReadOnlyList<UsageDimension> dimensions,
        IEnumerable<UsageGroup> groups,
        ApiKeyQueries keys,
        CancellationToken cancellationToken
    )
    {
        string[] columns = [.. dimensions.Select(d => d.Name)];
        UsageGroup[] ordered = [.. groups.OrderBy(g => g.Values, _byValues)];
        if (!dimensions.Contains(UsageDimension.Key))
        {
            return new(columns, ordered);
        }

        var key = Array.IndexOf(columns, UsageDimension.Key.Name);
        var names = await keys.NamesAsync(ordered.Select(g => g.Values[key]!), cancellationToken);
        return new(
            InsertAfter(columns, key, "keyName"),
            [
                .. ordered.Select(g =>
                    g with
                    {
                        Values = InsertAfter(g.Values, key, names.GetValueOrDefault(g.Values[key]!)),
                    }
                ),
            ]
        );
    }

    private static T[] InsertAfter<T>(IReadOnlyCollection<T> values, int index, T value) =>
        [.. values.Take(index + 1), value, .. values.Skip(index + 1)];
}

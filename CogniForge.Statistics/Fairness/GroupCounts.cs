namespace CogniForge.Statistics.Fairness;

/// <summary>Decisions about the rows of one group.</summary>
/// <param name="Group">The group.</param>
/// <param name="TruePositives">Positive rows that were selected, at least 0.</param>
/// <param name="FalsePositives">Negative rows that were selected, at least 0.</param>
/// <param name="TrueNegatives">Negative rows that were not selected, at least 0.</param>
/// <param name="FalseNegatives">Positive rows that were not selected, at least 0.</param>
/// <param name="UnknownSelected">Rows without a known truth that were selected, at least 0.</param>
/// <param name="UnknownRejected">Rows without a known truth that were not selected, at least 0.</param>
public sealed record GroupCounts(
    string Group,
    long TruePositives,
    long FalsePositives,
    long TrueNegatives,
    long FalseNegatives,
    long UnknownSelected = 0,
    long UnknownRejected = 0
)
{
    /// <summary>Number of rows.</summary>
    public long Count => GroundTruths + UnknownSelected + UnknownRejected;

    /// <summary>Rows with a known truth.</summary>
    public long GroundTruths => Positives + Negatives;

    /// <summary>Rows that are positive.</summary>
    public long Positives => TruePositives + FalseNegatives;

    /// <summary>Rows that are negative.</summary>
    public long Negatives => FalsePositives + TrueNegatives;

    /// <summary>Share of rows that were selected; null (not estimable) without rows.</summary>
    public double? SelectionRate => Rate(TruePositives + FalsePositives + UnknownSelected, Count);

    /// <summary>Share of positive rows that were selected; null (not estimable) without positive rows.</summary>
    public double? TruePositiveRate => Rate(TruePositives, Positives);

    /// <summary>Share of negative rows that were selected; null (not estimable) without negative rows.</summary>
    public double? FalsePositiveRate => Rate(FalsePositives, Negatives);

    /// <summary>Counts the decisions of each group, with the groups in ordinal order.</summary>
    /// <param name="isPositive">Whether each row is positive in truth; null: unknown.</param>
    /// <param name="isSelected">Whether each row was predicted positive.</param>
    /// <param name="groups">The group of each row.</param>
    /// <returns>The counts of each group.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static IReadOnlyList<GroupCounts> FromRows(
        ReadOnlySpan<bool?> isPositive,
        ReadOnlySpan<bool> isSelected,
        ReadOnlySpan<string> groups
    )
    {
        Require.SameLength(isSelected.Length, isPositive.Length, nameof(isSelected));
        Require.SameLength(groups.Length, isPositive.Length, nameof(groups));
        var cells = new Dictionary<string, long[]>();
        for (var i = 0; i < groups.Length; i++)
        {
            if (!cells.TryGetValue(groups[i], out var counts))
            {
                cells.Add(groups[i], counts = new long[6]);
            }

            var truth = isPositive[i] switch
            {
                null => 4,
                true => 2,
                false => 0,
            };
            counts[truth + (isSelected[i] ? 1 : 0)]++;
        }

        return
        [
            .. cells
                .OrderBy(cell => cell.Key, StringComparer.Ordinal)
                .Select(cell => FromCells(cell.Key, cell.Value)),
        ];
    }

    internal static GroupCounts Join(string name, IEnumerable<GroupCounts> groups) =>
        groups.Aggregate(
            new GroupCounts(name, 0, 0, 0, 0),
            (sum, group) =>
                new GroupCounts(
                    name,
                    sum.TruePositives + group.TruePositives,
                    sum.FalsePositives + group.FalsePositives,
                    sum.TrueNegatives + group.TrueNegatives,
                    sum.FalseNegatives + group.FalseNegatives,
                    sum.UnknownSelected + group.UnknownSelected,
                    sum.UnknownRejected + group.UnknownRejected
                )
        );

    private static GroupCounts FromCells(string group, long[] cells) =>
        new(group, cells[3], cells[1], cells[0], cells[2], cells[5], cells[4]);

    private static double? Rate(long part, long whole) => whole == 0 ? null : (double)part / whole;
}

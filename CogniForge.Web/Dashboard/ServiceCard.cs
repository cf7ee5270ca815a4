namespace CogniForge.Web.Dashboard;

/// <summary>A service's part of the overview, as the page shows it.</summary>
/// <param name="Title">The service's name for people.</param>
/// <param name="Subtitle">What it does.</param>
/// <param name="Status">How it answered.</param>
/// <param name="Detail">What is wrong, if anything is.</param>
/// <param name="Numbers">Its numbers with their labels; none unless it answered.</param>
internal sealed record ServiceCard(
    string Title,
    string Subtitle,
    PartStatus Status,
    string? Detail,
    IReadOnlyList<(string Label, long Value)> Numbers
)
{
    /// <summary>Makes the card of a part.</summary>
    /// <typeparam name="T">The part's numbers.</typeparam>
    /// <param name="title">The service's name for people.</param>
    /// <param name="subtitle">What it does.</param>
    /// <param name="part">The part.</param>
    /// <param name="numbers">Picks and labels its numbers.</param>
    public static ServiceCard Create<T>(
        string title,
        string subtitle,
        Part<T> part,
        Func<T, IReadOnlyList<(string Label, long Value)>> numbers
    )
        where T : class => new(title, subtitle, part.Status, part.Detail, part.Numbers is { } n ? numbers(n) : []);
}

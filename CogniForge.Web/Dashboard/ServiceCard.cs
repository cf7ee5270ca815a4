namespace CogniForge.Web.Dashboard;

/// <summary>A service's card on the overview page.</summary>
/// <param name="Title">The service's display name.</param>
/// <param name="Subtitle">What the service does.</param>
/// <param name="Status">The status of its response.</param>
/// <param name="Detail">The reason, if the status is not OK.</param>
/// <param name="Numbers">The labelled numbers; empty if the status is not OK.</param>
internal sealed record ServiceCard(
    string Title,
    string Subtitle,
    PartStatus Status,
    string? Detail,
    IReadOnlyList<(string Label, long Value)> Numbers
)
{
    /// <summary>Creates the card of a part.</summary>
    /// <typeparam name="T">The type of the part's numbers.</typeparam>
    /// <param name="title">The service's display name.</param>
    /// <param name="subtitle">What the service does.</param>
    /// <param name="part">The part.</param>
    /// <param name="numbers">Selects and labels the numbers.</param>
    public static ServiceCard Create<T>(
        string title,
        string subtitle,
        Part<T> part,
        Func<T, IReadOnlyList<(string Label, long Value)>> numbers
    )
        where T : class => new(title, subtitle, part.Status, part.Detail, part.Numbers is { } n ? numbers(n) : []);
}

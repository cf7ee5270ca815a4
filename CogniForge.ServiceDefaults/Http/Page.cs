namespace CogniForge.ServiceDefaults.Http;

/// <summary>Makes pages.</summary>
public static class Page
{
    /// <summary>A page from one item more than it may hold: that one tells whether there is a next page.</summary>
    /// <typeparam name="T">What is listed.</typeparam>
    /// <param name="itemsAndOneMore">Up to <paramref name="limit"/> + 1 items.</param>
    /// <param name="limit">How many items the page may hold.</param>
    /// <param name="cursor">The cursor that continues behind an item.</param>
    public static Page<T> Create<T>(IReadOnlyList<T> itemsAndOneMore, int limit, Func<T, Cursor> cursor) =>
        itemsAndOneMore.Count <= limit
            ? new(itemsAndOneMore, null)
            : new([.. itemsAndOneMore.Take(limit)], cursor(itemsAndOneMore[limit - 1]).ToString());
}

namespace CogniForge.ServiceDefaults.Http;

/// <summary>Creates pages.</summary>
public static class Page
{
    /// <summary>Creates a page from up to one item more than fits, which shows whether another page follows.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="itemsAndOneMore">Up to <paramref name="limit"/> + 1 items.</param>
    /// <param name="limit">The maximum number of items on the page.</param>
    /// <param name="cursor">Creates the cursor of the page after an item.</param>
    public static Page<T> Create<T>(IReadOnlyList<T> itemsAndOneMore, int limit, Func<T, Cursor> cursor) =>
        itemsAndOneMore.Count <= limit
            ? new(itemsAndOneMore, null)
            : new([.. itemsAndOneMore.Take(limit)], cursor(itemsAndOneMore[limit - 1]).ToString());
}

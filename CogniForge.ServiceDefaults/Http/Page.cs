namespace CogniForge.ServiceDefaults.Http;

/// <summary>Creates pages.</summary>
public static class Page
{
    /// <summary>The size after which a page ends early, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Creates a page from up to one item more than fits, which shows whether another page follows.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="itemsAndOneMore">Up to <paramref name="limit"/> + 1 items.</param>
    /// <param name="limit">The maximum number of items on the page.</param>
    /// <param name="cursor">Creates the cursor of the page after an item.</param>
    /// <param name="size">
    /// The approximate size of an item in bytes. After <see cref="MaxBytes"/>, the page ends. Default: items are small.
    /// </param>
    public static Page<T> Create<T>(
        IReadOnlyList<T> itemsAndOneMore,
        int limit,
        Func<T, Cursor> cursor,
        Func<T, long>? size = null
    )
    {
        var count = 0;
        for (var bytes = 0L; count < Math.Min(limit, itemsAndOneMore.Count) && bytes < MaxBytes; count++)
        {
            bytes += size?.Invoke(itemsAndOneMore[count]) ?? 0;
        }

        return count == itemsAndOneMore.Count
            ? new(itemsAndOneMore, null)
            : new([.. itemsAndOneMore.Take(count)], cursor(itemsAndOneMore[count - 1]).ToString());
    }
}

namespace CogniForge.ServiceDefaults.Overload;

/// <summary>
/// Ends the turn of a loop that forwards a stream after some items: a stream whose items are all there already would
/// keep the thread, and the requests of others waiting, until its end. Not thread-safe.
/// </summary>
public sealed class Turn
{
    /// <summary>The items of one turn.</summary>
    public const int Items = 16;

    private int _items;

    /// <summary>Counts a forwarded item; lets others run first if the turn has ended.</summary>
    public ValueTask NextAsync() => ++_items % Items == 0 ? YieldAsync() : ValueTask.CompletedTask;

    private static async ValueTask YieldAsync() => await Task.Yield();
}

namespace CogniForge.ServiceDefaults.Overload;

/// <summary>The turn of a key to work on a body. Its disposal, once, ends it.</summary>
public sealed class WorkTurn : IDisposable
{
    private readonly Action _end;

    internal WorkTurn(Action end) => _end = end;

    /// <inheritdoc/>
    public void Dispose() => _end();
}

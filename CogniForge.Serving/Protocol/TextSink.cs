namespace CogniForge.Serving.Protocol;

/// <summary>Receives the parts of a text while a model generates it.</summary>
/// <param name="write">Sends a part to the client.</param>
internal sealed class TextSink(Func<string, CancellationToken, ValueTask> write)
{
    /// <summary>Whether the client has a part, so that no other version can take over.</summary>
    public bool HasText { get; private set; }

    /// <summary>Sends a part.</summary>
    public ValueTask WriteAsync(string text, CancellationToken cancellationToken)
    {
        HasText = true;
        return write(text, cancellationToken);
    }
}

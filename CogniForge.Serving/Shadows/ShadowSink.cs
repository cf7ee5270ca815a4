using CogniForge.Messaging.Journal;

namespace CogniForge.Serving.Shadows;

/// <summary>Stores comparisons.</summary>
internal sealed class ShadowSink(IShadowStore shadows) : IJournalSink<ShadowComparison>
{
    public Task WriteAsync(IReadOnlyList<ShadowComparison> records, CancellationToken cancellationToken) =>
        shadows.AddAsync(records, cancellationToken);
}

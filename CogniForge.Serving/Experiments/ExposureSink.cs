using CogniForge.Messaging.Journal;

namespace CogniForge.Serving.Experiments;

/// <summary>Stores exposures.</summary>
internal sealed class ExposureSink(IExperimentData data) : IJournalSink<Exposure>
{
    public Task WriteAsync(IReadOnlyList<Exposure> records, CancellationToken cancellationToken) =>
        data.AddExposuresAsync(records, cancellationToken);
}

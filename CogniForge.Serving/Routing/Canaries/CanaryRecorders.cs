using System.Collections.Concurrent;

namespace CogniForge.Serving.Routing.Canaries;

/// <summary>The recorders of the canaries that run in this replica.</summary>
internal sealed class CanaryRecorders(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, CanaryRecorder> _steps = new();

    public ICollection<CanaryRecorder> All => _steps.Values;

    /// <summary>Gets the recorder of a step.</summary>
    public CanaryRecorder Get(Guid stepId)
    {
        var recorder = _steps.GetOrAdd(stepId, static id => new CanaryRecorder(id));
        recorder.UsedAt = time.GetTimestamp();
        return recorder;
    }

    public void Remove(CanaryRecorder recorder) => _steps.TryRemove(recorder.StepId, out _);
}

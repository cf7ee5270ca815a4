namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Whether the migrations are applied. Background services wait for it.</summary>
public sealed class MigrationStatus
{
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes after all migrations; at once without a database.</summary>
    public Task Applied => _applied.Task;

    internal void SetApplied() => _applied.TrySetResult();
}

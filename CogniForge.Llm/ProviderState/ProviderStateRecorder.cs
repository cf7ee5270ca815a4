using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Llm.ProviderState;

/// <summary>Remembers the ids in a response for the key that receives it.</summary>
internal sealed partial class ProviderStateRecorder(IProviderStateStore store, ILogger<ProviderStateRecorder> logger)
{
    /// <summary>Remembers the ids; call it before the client can use them. Never fails.</summary>
    public async ValueTask RecordAsync(string caller, string provider, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0)
        {
            return;
        }

        try
        {
            // Not cancelled with the client: a disconnected client may go on with the response later.
            await store.AddAsync(caller, provider, ids, CancellationToken.None);
        }
        catch (Exception e) when (TransientFaults.IsOutage(e) || e is TimeoutException)
        {
            Log.NotRecorded(logger, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ProviderStateNotRecorded,
            LogLevel.Warning,
            "The ids in a response were not recorded, so later requests cannot refer to it: {Reason}"
        )]
        public static partial void NotRecorded(ILogger logger, string reason);
    }
}

namespace CogniForge.ServiceDefaults;

/// <summary>The ids of log events. Alerts refer to them, so an id never changes its meaning.</summary>
internal static class EventIds
{
    public const int StoresInMemory = 1;
    public const int AnyOriginAllowed = 2;

    public const int WaitingForDatabase = 100;
    public const int MigrationsFailed = 101;

    public const int JobFailed = 110;
    public const int JobLockLost = 111;
    public const int JobLockNotReleased = 112;

    public const int DependencyUnavailable = 200;
    public const int RequestFailed = 201;

    public const int IdempotentResponseNotStored = 210;

    public const int ApiKeyStoreUnavailable = 500;
    public const int ApiKeyStoreAvailableAgain = 501;
    public const int RefusedLoginsNotWritten = 502;
}

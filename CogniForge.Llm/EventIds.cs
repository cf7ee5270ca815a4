namespace CogniForge.Llm;

/// <summary>The ids of log events. Alerts use them, so they never change.</summary>
internal static class EventIds
{
    public const int CacheUnavailable = 410;

    public const int ModelUnpriced = 1000;
    public const int TierUnpriced = 1001;
    public const int ToolUnpriced = 1002;

    public const int ConfigEntryInvalid = 1010;
    public const int ConfigChanged = 1011;
    public const int ConfigLoadDelayed = 1020;
    public const int ConfigUpdatesInterrupted = 1021;

    public const int BudgetLeasesNotRenewed = 1012;

    public const int RedisUnavailable = 1013;
    public const int RedisAvailable = 1014;

    public const int ProviderUnreachable = 1015;
    public const int ProviderStateNotRecorded = 1016;
    public const int ProviderModelsNotListed = 1017;

    public const int RequestLogRolledUp = 1030;
}

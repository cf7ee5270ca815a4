namespace CogniForge.Serving;

/// <summary>The ids of log events. Alerts refer to them, so an id never changes its meaning.</summary>
internal static class EventIds
{
    public const int ModelLoadFailed = 4000;
    public const int GrpcCallFailed = 4001;
    public const int ModelsNotPreloaded = 4002;
    public const int VersionEjected = 4010;
    public const int CanaryChanged = 4011;
    public const int CanaryTrafficNotReported = 4012;
    public const int ShadowsNotRead = 4100;
    public const int ShadowFailed = 4101;
    public const int PredictionsNotStored = 4150;
    public const int PredictionsRejected = 4151;
    public const int DriftNotEvaluated = 4152;
}

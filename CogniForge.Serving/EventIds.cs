namespace CogniForge.Serving;

/// <summary>The ids of log events. Alerts refer to them, so an id never changes its meaning.</summary>
internal static class EventIds
{
    public const int ModelLoadFailed = 4000;
    public const int GrpcCallFailed = 4001;
    public const int PredictionsNotStored = 4150;
    public const int PredictionsRejected = 4151;
    public const int DriftNotEvaluated = 4152;
}

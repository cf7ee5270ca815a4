namespace CogniForge.Serving.Tracking;

/// <summary>A request that MLflow's API refuses.</summary>
internal sealed class MlflowException(string code, string message) : Exception(message)
{
    /// <summary>One of <see cref="MlflowErrorCode"/>.</summary>
    public string Code { get; } = code;

    public static MlflowException Invalid(string message) => new(MlflowErrorCode.InvalidParameter, message);

    public static MlflowException NotFound(string message) => new(MlflowErrorCode.DoesNotExist, message);
}

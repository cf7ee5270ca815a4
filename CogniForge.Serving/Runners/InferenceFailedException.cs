namespace CogniForge.Serving.Runners;

/// <summary>A model did not compute its outputs.</summary>
/// <param name="status">The HTTP status of the response: 400, 422, 429, 502, 503 or 504.</param>
/// <param name="message">The reason, for the client.</param>
/// <param name="innerException">The cause.</param>
internal sealed class InferenceFailedException(int status, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The HTTP status of the response.</summary>
    public int Status => status;

    /// <summary>The refusal of a number that the datatype of the model cannot represent.</summary>
    public static InferenceFailedException OutOfRange(OverflowException cause) =>
        new(
            StatusCodes.Status400BadRequest,
            "An input has numbers that the datatype of the model cannot represent.",
            cause
        );
}

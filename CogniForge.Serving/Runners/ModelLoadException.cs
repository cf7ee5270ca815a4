namespace CogniForge.Serving.Runners;

/// <summary>A version cannot be loaded.</summary>
/// <param name="message">The reason, for the owner of the model.</param>
/// <param name="innerException">The cause.</param>
internal sealed class ModelLoadException(string message, Exception? innerException = null)
    : Exception(message, innerException);

using CogniForge.ServiceDefaults.Hosting;

namespace CogniForge.Llm.Configuration;

/// <summary>Ends the start with the errors of the configuration, one per line.</summary>
internal sealed class InvalidConfigException(IEnumerable<string> errors)
    : Exception(string.Join(Environment.NewLine, errors.Prepend("The configuration is not valid:"))),
        IStartError
{
    /// <summary>The errors without the stack trace, after which they would be hard to find.</summary>
    public override string ToString() => Message;
}

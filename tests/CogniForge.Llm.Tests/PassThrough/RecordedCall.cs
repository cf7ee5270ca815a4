using System.Text;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>A call that a <see cref="RecordingProvider"/> has received.</summary>
internal sealed record RecordedCall(
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body
)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>A position in a request body.</summary>
/// <param name="json">The reader at the position.</param>
/// <param name="start">Where the bytes of the reader begin in the body.</param>
internal readonly ref struct RequestMark(Utf8JsonReader json, int start)
{
    public Utf8JsonReader Json { get; } = json;

    public int Start => start;
}

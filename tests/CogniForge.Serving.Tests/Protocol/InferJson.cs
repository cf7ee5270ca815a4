using System.Text;
using System.Text.Json;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Tests.Protocol;

/// <summary>Parses requests from JSON, and formats responses as JSON.</summary>
internal static class InferJson
{
    public const int MaxElements = 1000;

    public static InferRequest Parse(string json)
    {
        Assert.True(
            InferRequest.TryParse(Encoding.UTF8.GetBytes(json), MaxElements, out var request, out var error),
            error?.ToString()
        );
        return request;
    }

    /// <summary>The body of a request with one input of the given shape, datatype and data.</summary>
    public static string Body(string shape, string datatype, string data) =>
        $$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"{{datatype}}","data":{{data}}}]}""";

    public static Tensor Tensor(string shape, string datatype, string data) =>
        Parse(Body(shape, datatype, data)).Inputs.Single();

    /// <summary>Parses an invalid request, and returns its error as the protocol writes it.</summary>
    public static string Error(string json)
    {
        Assert.False(InferRequest.TryParse(Encoding.UTF8.GetBytes(json), MaxElements, out var request, out var error));
        Assert.Null(request);
        return ErrorResponse.Describe(error.Value);
    }

    public static string Write(Func<Utf8JsonWriter, Func<ValueTask>, ValueTask> write) =>
        Write(json => Assert.True(write(json, static () => ValueTask.CompletedTask).AsTask().IsCompletedSuccessfully));

    public static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

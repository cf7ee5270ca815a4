using System.Text;
using System.Text.Json;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tests.Domain.Inference;

/// <summary>Requests from JSON, and JSON from what the domain writes.</summary>
internal static class Infer
{
    public const int MaxElements = 1000;

    public static InferRequest Parse(string json)
    {
        Assert.True(
            InferRequest.TryParse(Encoding.UTF8.GetBytes(json), MaxElements, out var request, out var broken),
            broken?.ToString()
        );
        return request;
    }

    /// <summary>A request whose one input has this shape, datatype and data.</summary>
    public static string Body(string shape, string datatype, string data) =>
        $$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"{{datatype}}","data":{{data}}}]}""";

    public static Tensor Tensor(string shape, string datatype, string data) =>
        Parse(Body(shape, datatype, data)).Inputs.Single();

    /// <summary>What is wrong with a request: "path rule.".</summary>
    public static string Broken(string json)
    {
        Assert.False(InferRequest.TryParse(Encoding.UTF8.GetBytes(json), MaxElements, out var request, out var broken));
        Assert.Null(request);
        return broken.ToString();
    }

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

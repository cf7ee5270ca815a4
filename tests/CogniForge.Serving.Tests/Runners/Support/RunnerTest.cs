using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;

namespace CogniForge.Serving.Tests.Runners.Support;

/// <summary>Runs models without the service.</summary>
internal static class RunnerTest
{
    private static readonly string _folder = Path.Combine(
        Repository.Root,
        "tests",
        "CogniForge.Serving.Tests",
        "Runners",
        "Data"
    );

    public static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(_folder, file));

    /// <summary>The rows and predictions that train.py wrote; a missing value is NaN.</summary>
    public static (float[] Rows, double[] Predictions, int Width) ReadExpected(string name)
    {
        using var json = JsonDocument.Parse(Read($"{name}.expected.json"));
        var rows = json.RootElement.GetProperty("rows");
        return (
            [
                .. rows.EnumerateArray()
                    .SelectMany(row => row.EnumerateArray())
                    .Select(v => v.ValueKind == JsonValueKind.Null ? float.NaN : v.GetSingle()),
            ],
            [.. json.RootElement.GetProperty("predictions").EnumerateArray().Select(v => v.GetDouble())],
            rows[0].GetArrayLength()
        );
    }

    public static InferRequest Request(params Tensor[] inputs) => new(null, null, inputs, []);

    public static async Task<(InferResponse? Response, FieldError? Error)> RunAsync(
        IModelRunner runner,
        InferRequest request,
        string name = "small",
        int version = 1
    )
    {
        if (InputValidator.Validate(request.Inputs, runner.Inputs) is { } invalid)
        {
            return (null, invalid);
        }

        var outputs = await runner.InferAsync(request, CancellationToken.None);
        return InferResponse.TryBuild(request, name, version, outputs, out var response, out var error)
            ? (response, null)
            : (null, error);
    }
}

using System.Globalization;
using System.Text.Json;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tests;

/// <summary>The files in <c>samples/data</c>.</summary>
internal static class Samples
{
    private static readonly string _folder = Path.Combine(Root(AppContext.BaseDirectory), "samples", "data");

    public static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(_folder, file));

    /// <summary>The rows of breast-cancer.csv: features and class.</summary>
    public static List<(double[] Features, string Class)> BreastCancerRows() =>
        [
            .. File.ReadLines(Path.Combine(_folder, "breast-cancer.csv"))
                .Skip(1)
                .Select(line => line.Split(','))
                .Select(cells =>
                    (cells[..^1].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray(), cells[^1])
                ),
        ];

    /// <summary>The model in breast-cancer.model.json.</summary>
    public static LogisticModel BreastCancerModel()
    {
        using var json = JsonDocument.Parse(Read("breast-cancer.model.json"));
        var root = json.RootElement;
        var isModel = LogisticModel.TryCreate(
            root.GetProperty("inputs").Deserialize<string[]>(),
            root.GetProperty("classes").Deserialize<string[]>(),
            root.GetProperty("intercept").GetDouble(),
            root.GetProperty("coefficients").Deserialize<double[]>(),
            out var model,
            out var errors
        );
        Assert.True(isModel, string.Join(' ', errors));
        return model!;
    }

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "CogniForge.sln")) ? folder : Root(Path.GetDirectoryName(folder)!);
}

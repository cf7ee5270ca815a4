using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CogniForge.Bench.Suites.Serving;

/// <summary>A body of an inference, as JSON or with raw bytes.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="Headers">The headers that it needs beside those of JSON.</param>
internal sealed record InferBody(byte[] Bytes, IReadOnlyList<string> Headers)
{
    /// <summary>Rows as JSON.</summary>
    public static InferBody Json(SampleRows samples, int rows) =>
        new(
            Encoding.UTF8.GetBytes(
                $$"""{"inputs":[{{Tensor(rows)}},"data":[{{string.Join(',', samples.Texts(rows))}}]}]}"""
            ),
            []
        );

    /// <summary>Rows as raw bytes after a JSON header, by Triton's binary tensor data extension.</summary>
    public static InferBody Binary(SampleRows samples, int rows)
    {
        var raw = MemoryMarshal.AsBytes(samples.Numbers(rows).AsSpan());
        var json = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{{{Tensor(rows)}}},"parameters":{"binary_data_size":{{{raw.Length}}}}}],"""
                + "\"parameters\":{\"binary_data_output\":true}}"
        );
        var length = json.Length.ToString(CultureInfo.InvariantCulture);
        return new([.. json, .. raw], [$"Inference-Header-Content-Length: {length}"]);
    }

    private static string Tensor(int rows) =>
        $$"""{"name":"features","datatype":"FP64","shape":[{{rows}},{{SampleRows.Width}}]""";
}

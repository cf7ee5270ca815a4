using System.Buffers;
using System.Text;
using System.Text.Json;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Tests.Protocol;

public class NumberWriterTests
{
    [Fact]
    public void WriteElements_MixedSizes_EqualsSerializer()
    {
        double[] numbers = [1e300, 0.25, 3, 1e15, -0.1, 5e-324, 12345.678, double.MaxValue];

        Assert.Equal(JsonSerializer.Serialize(numbers), WriteDoubles(numbers));
    }

    [Fact]
    public void WriteElements_ManyNumbers_EqualsSerializer()
    {
        var numbers = Enumerable.Range(0, 5_000).Select(i => i / 7.0).ToArray();

        Assert.Equal(JsonSerializer.Serialize(numbers), WriteDoubles(numbers));
    }

    [Fact]
    public void WriteElements_NotFinite_WritesNull()
    {
        Assert.Equal("[0.5,null,null,1]", WriteDoubles([0.5, double.NaN, double.NegativeInfinity, 1]));
        Assert.Equal(
            "[null,0.1,1E+20]",
            Write(json => NumberWriter.WriteElements<float>(json, [float.NaN, 0.1f, 1e20f]))
        );
    }

    [Fact]
    public void Write_InObject_SeparatesMembers()
    {
        var text = Write(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("a");
            NumberWriter.Write(json, 1.5);
            json.WritePropertyName("b");
            NumberWriter.Write(json, 1e20);
            json.WriteEndObject();
        });

        Assert.Equal("""[{"a":1.5,"b":1E+20}]""", text);
    }

    private static string WriteDoubles(double[] numbers) =>
        Write(json => NumberWriter.WriteElements<double>(json, numbers));

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            write(json);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

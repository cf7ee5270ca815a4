using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>Writes floating-point numbers as JSON: the shortest text that reads back as the same number.</summary>
internal static class NumberWriter
{
    private const int BufferBytes = 4 * 1024;

    /// <summary>Writes a finite number as a value.</summary>
    public static void Write(Utf8JsonWriter json, double value) => WriteElements(json, [value]);

    /// <summary>Writes numbers as elements of an array; those that JSON does not have as null.</summary>
    /// <typeparam name="T">Double or single.</typeparam>
    public static void WriteElements<T>(Utf8JsonWriter json, ReadOnlySpan<T> numbers)
        where T : struct
    {
        Span<byte> buffer = stackalloc byte[BufferBytes];
        var filled = 0;
        foreach (var number in numbers)
        {
            if (filled + ShortestNumber.MaxBytes + 1 > BufferBytes)
            {
                Flush(json, buffer, ref filled);
            }

            if (TryFormat(number, buffer[(filled + 1)..], out var written))
            {
                buffer[filled] = (byte)',';
                filled += written + 1;
            }
            else
            {
                Flush(json, buffer, ref filled);
                WriteUnusual(json, number);
            }
        }

        Flush(json, buffer, ref filled);
    }

    // The writer takes many elements at once as one raw value, whose commas are only those between them.
    private static void Flush(Utf8JsonWriter json, ReadOnlySpan<byte> buffer, ref int filled)
    {
        if (filled > 0)
        {
            json.WriteRawValue(buffer[1..filled], skipInputValidation: true);
            filled = 0;
        }
    }

    private static bool TryFormat<T>(T number, Span<byte> utf8, out int written)
        where T : struct =>
        number is double value
            ? ShortestNumber.TryFormat(value, utf8, out written)
            : ShortestNumber.TryFormat((float)(object)number, utf8, out written);

    private static void WriteUnusual<T>(Utf8JsonWriter json, T number)
        where T : struct
    {
        switch (number)
        {
            case double value when double.IsFinite(value):
                json.WriteNumberValue(value);
                break;
            case float value when float.IsFinite(value):
                json.WriteNumberValue(value);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}

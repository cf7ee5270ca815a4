using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Inference;

/// <summary>
/// Writes an inference response: JSON, followed by raw bytes for the outputs that were requested so (<see
/// cref="BinaryData"/>).
/// </summary>
internal sealed class InferResult(InferRequest request, InferResponse response) : IResult
{
    // Smaller responses leave in one piece. Of larger ones, only a part is in memory while the client is slow.
    private const int PartBytes = 16 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (request)
        {
            var raw = response.Outputs.Where(output => request.IsBinary(output.Name)).ToList();
            if (raw.Count > 0)
            {
                await WriteBinaryAsync(httpContext, raw);
            }
            else
            {
                await WriteJsonAsync(httpContext);
            }
        }
    }

    private async Task WriteJsonAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        var flushed = 0L;
        await response.WriteToAsync(json, static _ => false, FlushAsync);

        ValueTask FlushAsync() =>
            json.BytesCommitted + json.BytesPending - flushed < PartBytes ? ValueTask.CompletedTask : FlushPartAsync();

        async ValueTask FlushPartAsync()
        {
            await json.FlushAsync(context.RequestAborted);
            flushed = json.BytesCommitted;
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    private async Task WriteBinaryAsync(HttpContext context, List<Tensor> raw)
    {
        using var header = new MemoryStream();
        await using (var json = new Utf8JsonWriter(header))
        {
            await response.WriteToAsync(json, raw.Contains, () => ValueTask.CompletedTask);
        }

        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = header.Length + raw.Sum(output => output.RawBytes);
        context.Response.Headers[BinaryData.Header] = header.Length.ToString(CultureInfo.InvariantCulture);
        context.Response.BodyWriter.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
        var unflushed = header.Length;
        foreach (var output in raw)
        {
            output.WriteRaw(context.Response.BodyWriter);
            unflushed += output.RawBytes;
            if (unflushed >= PartBytes)
            {
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
                unflushed = 0;
            }
        }
    }
}

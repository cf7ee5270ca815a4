using System.Buffers;
using System.Globalization;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Inference;

/// <summary>The body of a request, in memory from the pool.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int MinCapacity = 4 * 1024;

    private byte[] _bytes;
    private int _length;

    private RequestBody(int capacity) => _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(MinCapacity, capacity));

    /// <summary>Reads the whole body.</summary>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // One byte more than announced, so that the end is found without growing.
        var body = new RequestBody((int)Math.Min(request.ContentLength + 1 ?? 0, Array.MaxLength));
        try
        {
            while (true)
            {
                var read = await request.Body.ReadAsync(body._bytes.AsMemory(body._length), cancellationToken);
                if (read == 0)
                {
                    return body;
                }

                body._length += read;
                body.Grow();
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Parses the body, whose JSON has the length of the header if there is one.</summary>
    /// <param name="header">The value of <see cref="BinaryData.Header"/>; null: the body is only JSON.</param>
    /// <param name="error">The first error; null if the request is returned.</param>
    public InferRequest? Parse(string? header, out FieldError? error)
    {
        var json = _length;
        if (
            header is not null
            && !(
                int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out json) && json <= _length
            )
        )
        {
            error = new(BinaryData.Header, $"must be the length of the JSON, from 0 to {_length} bytes");
            return null;
        }

        return InferRequest.TryParse(
            _bytes.AsSpan(0, json),
            _bytes.AsSpan(json, _length - json),
            InferRequest.MaxElements,
            out var request,
            out error
        )
            ? request
            : null;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Grow()
    {
        if (_length == _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(checked(_bytes.Length * 2));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
    }
}

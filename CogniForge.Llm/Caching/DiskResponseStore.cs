using System.Text.Json;

namespace CogniForge.Llm.Caching;

/// <summary>Stores answers in files, one each, which outlive the process; when the room is used up, those that were not asked for longest go. One process per folder.</summary>
internal sealed class DiskResponseStore : IResponseStore
{
    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private readonly LinkedList<string> _used = new(); // the first was used last
    private readonly Dictionary<string, (LinkedListNode<string> Use, long Bytes)> _files = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Opens a folder.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public DiskResponseStore(string folder, long maxBytes, TimeProvider time)
    {
        (_folder, _maxBytes, _time) = (folder, maxBytes, time);
        Directory.CreateDirectory(folder);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.json").OrderBy(f => f.LastWriteTimeUtc))
        {
            Remember(Path.GetFileNameWithoutExtension(file.Name), file.Length);
        }

        Evict();
    }

    public async ValueTask<CachedResponse?> GetAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(key, out var file))
            {
                return null;
            }

            _used.Remove(file.Use);
            _used.AddFirst(file.Use);
        }

        if (await ReadAsync(key, cancellationToken) is { } response && response.ExpiresAt > _time.GetUtcNow())
        {
            return response;
        }

        Forget(key);
        return null;
    }

    public async ValueTask SetAsync(string key, CachedResponse response, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(response);

        // Whole or not at all: a reader never finds half a file, nor does the next process.
        var part = Path.Combine(_folder, $"{Guid.CreateVersion7(_time.GetUtcNow()):N}.part");
        await File.WriteAllBytesAsync(part, json, cancellationToken);
        File.Move(part, PathOf(key), overwrite: true);
        lock (_lock)
        {
            Remember(key, json.Length);
            Evict();
        }
    }

    public async ValueTask PurgeAsync(string? tag, CancellationToken cancellationToken)
    {
        List<string> keys;
        lock (_lock)
        {
            keys = [.. _files.Keys];
        }

        foreach (var key in keys)
        {
            if (tag is null || (await ReadAsync(key, cancellationToken))?.Tags.Contains(tag) != false)
            {
                Forget(key);
            }
        }
    }

    private async ValueTask<CachedResponse?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<CachedResponse>(
                await File.ReadAllBytesAsync(PathOf(key), cancellationToken)
            );
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null; // evicted at this moment, or written by another version
        }
    }

    private void Remember(string key, long bytes)
    {
        if (_files.Remove(key, out var old))
        {
            _used.Remove(old.Use);
            _bytes -= old.Bytes;
        }

        _files[key] = (_used.AddFirst(key), bytes);
        _bytes += bytes;
    }

    private void Evict()
    {
        while (_bytes > _maxBytes && _used.Last is { } oldest)
        {
            Forget(oldest.Value);
        }
    }

    private void Forget(string key)
    {
        lock (_lock)
        {
            if (_files.Remove(key, out var file))
            {
                _used.Remove(file.Use);
                _bytes -= file.Bytes;
            }

            File.Delete(PathOf(key));
        }
    }

    private string PathOf(string key) => Path.Combine(_folder, key + ".json");
}

using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// The ports of an endpoint: the public one, and those on which the instances listen. Without a fixed port and with one instance there is nothing
/// to forward: the process listens on the public port itself.
/// </summary>
internal sealed class EndpointPorts : IDisposable
{
    private readonly EndpointAnnotation _endpoint;
    private readonly Func<int, bool> _isRunning;
    private readonly Func<CancellationToken, Task> _onMoved;
    private readonly int[] _listening;
    private readonly bool _forwards;
    private readonly bool _isFixed;
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private TcpForwarder? _forwarder;

    /// <param name="asked">The public port; null: any.</param>
    /// <param name="listening">The port on which the instance listens; null: any, or the public one.</param>
    /// <param name="isRunning">Whether the instance of this index is up.</param>
    /// <param name="onMoved">Called when the public port has changed.</param>
    public EndpointPorts(EndpointAnnotation endpoint, int? asked, int? listening, int instances, Func<int, bool> isRunning, Func<CancellationToken, Task> onMoved)
    {
        _endpoint = endpoint;
        _isRunning = isRunning;
        _onMoved = onMoved;
        _forwards = endpoint.IsProxied && (instances > 1 || asked is not null || listening is not null);
        _isFixed = listening is not null || (asked is not null && !_forwards);
        var port = asked ?? (endpoint.IsProxied ? null : listening) ?? Ports.Free();
        _listening = [.. Enumerable.Range(0, instances).Select(_ => _forwards ? listening ?? Ports.Free() : port)];
        Publish(port);
    }

    public string Name => _endpoint.Name;

    /// <summary>Makes sure that an instance about to start finds its port free, and returns that: another one when a program has taken it that nobody has asked for.</summary>
    public async Task<int> MakeFreeAsync(int instance, ILogger logger, CancellationToken cancellationToken)
    {
        if (_forwards)
            await ForwardAsync(cancellationToken).ConfigureAwait(false);
        var port = _listening[instance];
        if (await Ports.IsFreeSoonAsync(port, cancellationToken).ConfigureAwait(false))
            return port;
        if (_isFixed)
            throw InUse(port);
        _listening[instance] = Ports.Free();
        logger.LogWarning("Port {Port} of endpoint '{Endpoint}' has been taken by another program; it is {NewPort} now.", port, Name, _listening[instance]);
        if (!_forwards)
        {
            Publish(_listening[instance]);
            await _onMoved(cancellationToken).ConfigureAwait(false);
        }

        return _listening[instance];
    }

    public void Dispose()
    {
        _forwarder?.Dispose();
        _oneAtATime.Dispose();
    }

    private void Publish(int port) => _endpoint.AllocatedEndpoint = new AllocatedEndpoint(_endpoint, "localhost", port, InstanceTokens.Port(Name));

    private async Task ForwardAsync(CancellationToken cancellationToken)
    {
        var port = _endpoint.AllocatedEndpoint!.Port;
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_forwarder is null && !await Ports.IsFreeSoonAsync(port, cancellationToken).ConfigureAwait(false))
                throw InUse(port);
            _forwarder ??= new TcpForwarder(port, _endpoint.TargetHost, _listening, _isRunning);
        }
        catch (SocketException e)
        {
            throw new CannotStartException($"Port {port} of endpoint '{Name}' cannot be used: {e.Message}.");
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private CannotStartException InUse(int port) => new($"Port {port} of endpoint '{Name}' is in use.");
}

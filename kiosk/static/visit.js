/* The visit's page looks whether something has changed; ES5, for old phones. An unchanged state costs the server a 304. */
(function () {
  var me = document.currentScript || document.getElementsByTagName("script")[0];
  var address = me.getAttribute("data-state"), tag = me.getAttribute("data-tag"), every = me.getAttribute("data-every") * 1000;
  function look() {
    var ask = new XMLHttpRequest();
    ask.open("GET", address);
    ask.timeout = every;
    ask.onload = function () {
      if (ask.status === 200 && ask.responseText !== tag) location.reload();
    };
    ask.send();
  }
  setInterval(look, every);
})();

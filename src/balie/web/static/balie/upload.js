// Files go to the server one by one as soon as they are chosen, dropped or pasted: a form that fails later loses none.
// Without this script they go along with the form.
(() => {
  const suffixOf = (name) => (name.trim().toLowerCase().replace(/[. ]+$/, "").match(/\.[^.]*$/) || [""])[0];

  class Uploads {
    constructor(box) {
      this.box = box;
      this.form = box.closest("form");
      this.queue = box.querySelector("[data-upload-queue]");
      this.waiting = [];
      this.isBusy = false;
      this.sendsAfterwards = null;
      for (const each of box.querySelectorAll("[data-with-script]")) each.hidden = false;
      this.listen();
    }

    listen() {
      this.box.addEventListener("change", (event) => {
        if (event.target.type !== "file") return;
        this.add([...event.target.files]);
        event.target.value = "";
      });
      document.addEventListener("paste", (event) => {
        const files = [...(event.clipboardData?.files || [])];
        if (!files.length) return;
        event.preventDefault();
        this.add(files);
      });
      for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
        document.addEventListener(name, (event) => {
          if (![...(event.dataTransfer?.types || [])].includes("Files")) return;
          event.preventDefault();
          this.box.classList.toggle("is-dragged-over", name === "dragenter" || name === "dragover");
          if (name === "drop") this.add([...event.dataTransfer.files]);
        });
      }
      this.form.addEventListener("submit", (event) => {
        if (!this.isBusy) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        this.sendsAfterwards = event.submitter;
      }, true);
    }

    add(files) {
      for (const file of files) {
        const row = this.row(file);
        const problem = this.problemOf(file);
        if (problem) this.fail(row, problem, null);
        else this.waiting.push({ file, row });
      }
      this.next();
    }

    problemOf(file) {
      if (this.box.dataset.refused.split(" ").includes(suffixOf(file.name))) return `“${file.name}” ${this.box.dataset.program}`;
      return file.size > Number(this.box.dataset.largest) ? this.box.dataset.tooLarge : "";
    }

    row(file) {
      const row = document.createElement("li");
      row.className = "upload-row";
      const name = document.createElement("span");
      name.className = "upload-name";
      name.textContent = file.name;
      const bar = document.createElement("progress");
      bar.max = 1;
      bar.value = 0;
      bar.setAttribute("aria-label", `${file.name} ${this.box.dataset.sending}`);
      row.append(name, bar);
      this.queue.append(row);
      return row;
    }

    next() {
      if (this.isBusy) return;
      const job = this.waiting.shift();
      if (!job) return this.finished();
      this.isBusy = true;
      this.send(job);
    }

    finished() {
      const button = this.sendsAfterwards;
      this.sendsAfterwards = null;
      if (button && !this.queue.querySelector(".upload-failed")) this.form.requestSubmit(button);
    }

    send(job) {
      const request = new XMLHttpRequest();
      const body = new FormData();
      for (const name of ["csrfmiddlewaretoken", "draft_key", "revision", "submission", "seal", "about"]) {
        const field = this.form.elements[name];
        if (field) body.append(name, field.value);
      }
      const token = (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];
      if (token) body.set("csrfmiddlewaretoken", token);
      body.append("size", job.file.size); // before the file: of one that is cut off the server sees less than this
      body.append("files", job.file, job.file.name);
      request.open("POST", this.box.dataset.uploads);
      request.setRequestHeader("HX-Request", "true");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) job.row.querySelector("progress").value = event.loaded / event.total;
      });
      request.addEventListener("load", () => this.answered(request, job));
      for (const trouble of ["error", "abort", "timeout"]) request.addEventListener(trouble, () => this.broke(job));
      request.send(body);
    }

    answered(request, job) {
      const isOurs = request.responseText.includes('id="draft-files"');
      if (!isOurs) return this.broke(job);
      const list = this.box.querySelector("#draft-files");
      list.outerHTML = request.responseText;
      htmx.process(this.box.querySelector("#draft-files"));
      job.row.remove();
      this.isBusy = false;
      this.next();
    }

    broke(job) {
      this.fail(job.row, `“${job.file.name}” ${this.box.dataset.failed}`, job);
      this.isBusy = false;
      this.next();
    }

    fail(row, problem, job) {
      row.classList.add("upload-failed");
      row.replaceChildren(Object.assign(document.createElement("span"), { className: "text-danger", textContent: problem }));
      if (job) row.append(this.button(this.box.dataset.again, () => this.retry(row, job)));
      row.append(this.button(this.box.dataset.leaveOut, () => row.remove()));
    }

    retry(row, job) {
      row.remove();
      this.add([job.file]);
    }

    button(label, act) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = label;
      button.addEventListener("click", act);
      return button;
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-uploads]")) new Uploads(box);
  });
})();
